/** A number from 0 up to 1, another one each time, and the same ones in the same order for the same seed. mulberry32. */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws indexes, each as often as its weight says, in constant time. The alias method of Walker and Vose. */
export function drawing(weights: Float64Array): (random: Random) => number {
  const count = weights.length;
  const mean = weights.reduce((sum, one) => sum + one, 0) / count;
  const chances = Float64Array.from(weights, (weight) => weight / mean);
  const aliases = new Int32Array(count);
  const small: number[] = [];
  const large: number[] = [];
  chances.forEach((chance, index) => {
    (chance < 1 ? small : large).push(index);
  });
  for (let low = small.pop(); low !== undefined; low = small.pop()) {
    const high = large.at(-1);
    if (high === undefined) break;
    aliases[low] = high;
    chances[high] = (chances[high] ?? 0) + (chances[low] ?? 0) - 1;
    if ((chances[high] ?? 0) < 1) small.push(large.pop() ?? 0);
  }
  // What is left over at the end is 1 but for rounding.
  for (const index of [...small, ...large]) chances[index] = 1;
  return (random) => {
    const index = Math.floor(random() * count);
    return random() < (chances[index] ?? 1) ? index : (aliases[index] ?? index);
  };
}
