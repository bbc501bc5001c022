import { startSynthesiser } from './assembly.ts';

/** Starts one synthesiser for all the projects of a run: the first to be set up does, and the tests find it in `SYNTHESISER`. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.SYNTHESISER) return undefined;
  const { url, stop } = await startSynthesiser();
  process.env.SYNTHESISER = url;
  return stop;
}
