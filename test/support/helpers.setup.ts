import { fileURLToPath } from 'node:url';
import { startHelper } from './helper-process.ts';

/** The programs that all suites share, by the variable in which tests find their addresses. */
const programs = {
  SYNTHESISER: 'synthesiser.ts',
  // Loading it takes longer than all else at the start of a stack.
  MAIL_SERVICE: 'mail-service.ts',
};

/** Starts one of each for all the projects of a run: the first to be set up does. */
export default async function setup(): Promise<() => Promise<void>> {
  const missing = Object.entries(programs).filter(([variable]) => !process.env[variable]);
  const started = await Promise.all(
    missing.map(async ([variable, file]) => {
      const helper = await startHelper(fileURLToPath(new URL(file, import.meta.url)));
      process.env[variable] = helper.url;
      return helper;
    }),
  );
  return async () => {
    await Promise.all(started.map(({ stop }) => stop()));
  };
}
