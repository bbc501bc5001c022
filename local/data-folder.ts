import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Children, startOf } from './children.ts';
import { Refusal } from './refusal.ts';

/** The folder that outlives a run. One runner at a time has it, and starts with what a killed one left behind ended. */
export async function claimDataFolder(path: string): Promise<{ folder: string; children: Children }> {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true });
  claim(folder);
  const children = new Children(join(folder, 'pids'));
  await children.endLeftovers();
  return { folder, children };
}

/** A link either is made whole or not at all, so that only one of two that start together gets it. */
function claim(folder: string): void {
  const lock = join(folder, 'runner');
  const mine = join(folder, `runner-${process.pid}`);
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}`);
  try {
    if (hasEnded(lock)) rmSync(lock);
    linkSync(mine, lock);
  } catch {
    throw new Refusal(`Another runner uses ${folder}: stop it, or set DATA_DIR to another folder.`);
  } finally {
    rmSync(mine);
  }
  process.on('exit', () => rmSync(lock, { force: true }));
}

function hasEnded(lock: string): boolean {
  if (!existsSync(lock)) return false;
  const [pid, start] = readFileSync(lock, 'utf8').split(' ');
  return startOf(Number(pid)) !== start;
}
