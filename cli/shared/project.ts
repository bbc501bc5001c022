import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Settings, StagedSettings } from '../../lib/settings.ts';
import { Failure } from './failure.ts';

const FILE = 'vestibule.config.ts';
const usualStack = 'Vestibule';

/** The settings of the project in this folder. Throws a failure when there are none, or they are not valid. */
export async function projectSettings(): Promise<StagedSettings> {
  const settings = await settingsHere();
  if (settings) return settings;
  throw new Failure(`There is no ${FILE} in ${process.cwd()}: run this in the folder of your project.`);
}

/** The settings of one stage of it, or those that have no name. A stage that is not there is told like every failure. */
export async function stageSettings(stage: string | undefined): Promise<Settings> {
  const settings = await projectSettings();
  const { settingsOf } = await import('../../lib/settings.ts');
  try {
    return settingsOf(settings, stage);
  } catch (error) {
    throw error instanceof Error ? new Failure(error.message) : error;
  }
}

/** The stack that the project in this folder deploys; outside of a project, the one of a project that names none. */
export async function projectStack(): Promise<string> {
  return (await settingsHere())?.stackName ?? usualStack;
}

/** Loaded only now, so that settings which are not valid are told like every other failure. */
async function settingsHere(): Promise<StagedSettings | undefined> {
  const file = join(process.cwd(), FILE);
  if (!existsSync(file)) return undefined;
  const { settings } = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new Failure(reasonOf(error));
  });
  if (typeof settings === 'object' && settings !== null && 'stackName' in settings) return settings;
  throw new Failure(`${FILE} is not valid: it must export settings, made by defineSettings.`);
}

/** Settings that are not valid say so themselves; whatever else keeps the file from being loaded is told with its name. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith(FILE) ? message : `${FILE} cannot be loaded: ${message}`;
}
