import { describe, expect, test } from 'vitest';
import type { Loads } from '../../bench/scale/limits.ts';
import { drawing, seeded } from '../../bench/scale/random.ts';
import { Population, type Shape } from '../../bench/scale/replay.ts';
import { givingWay } from '../../bench/scale/scale.ts';

const shape = { copies: 32, lambdaSeconds: 0.025 };

describe('seeded random numbers', () => {
  test('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seeded(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('draw each index as often as its weight says', () => {
    const [draw, random] = [drawing(Float64Array.of(1, 0, 3, 6)), seeded(1)];
    const shares = [0, 0, 0, 0];
    for (let drawn = 0; drawn < 100_000; drawn += 1) {
      const index = draw(random);
      shares[index] = (shares[index] ?? 0) + 1 / 100_000;
    }
    expect(shares.map((share) => share.toFixed(1))).toEqual(['0.1', '0.0', '0.3', '0.6']);
  });
});

describe('the replay of a million grants', () => {
  const population = new Population(1);
  const at = (load: keyof Loads, changes: Partial<Shape>, last: number) =>
    givingWay({ ...shape, ...changes }, population, last).find(({ limit }) => limit.load === load)?.usual;

  test('says the same each time, the settings first', () => {
    const first = givingWay(shape, population, 2_000);
    expect(givingWay(shape, new Population(1), 2_000)).toEqual(first);
    expect(first[0]?.limit.name).toContain('throttles.mcp');
    expect(first[0]?.usual).toBeGreaterThan(100);
  });

  test('has a large tenant give way sooner where its policy is one item', () => {
    expect(at('policyReads', { copies: 1 }, 100_000)).toBeLessThan(100_000);
    expect(at('policyReads', { copies: 32 }, 100_000)).toBeUndefined();
  });

  test('needs Lambdas in proportion to their time', () => {
    expect(at('running', { lambdaSeconds: 0.1 }, 20_000)).toBeGreaterThan(9_000);
    expect(at('running', { lambdaSeconds: 0.1 }, 20_000)).toBeLessThan(12_000);
    expect(at('running', { lambdaSeconds: 0.025 }, 20_000)).toBeUndefined();
  });
});
