import * as z from 'zod';
import { optionalEnv } from '#core/env.ts';
import { ToolError } from '../../define-tool.ts';
import { comparable, composed } from '../../text.ts';
import { plainText } from '../plain-text.ts';
import { address, ask } from '../service.ts';

const base = optionalEnv('GEOCODING_URL') || 'https://geocoding-api.open-meteo.com';
const [MOST_CANDIDATES, MOST_NAMED] = [50, 5];

const candidate = z.object({
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  country: z.string().optional(),
  country_code: z.string().optional(),
  admin1: z.string().optional(),
  admin2: z.string().optional(),
});
type Candidate = z.output<typeof candidate>;

/** Where the weather is asked for. Coordinates are in degrees. */
export type Place = { readonly name: string; readonly latitude: number; readonly longitude: number };

/**
 * Finds a place by its name, and by the region or country after a comma where there is one. Of several the best known.
 * Throws a ToolError when there is none. Open-Meteo Geocoding API.
 */
export async function findPlace(text: string, key: string | undefined, signal: AbortSignal): Promise<Place> {
  const [name = '', ...within] = composed(text)
    .split(',')
    .map((part) => part.trim());
  const count = within.length > 0 ? MOST_CANDIDATES : 1;
  const query = { name, count, language: 'en', format: 'json', ...(key && { apikey: key }) };
  const answer = z.object({ results: z.array(candidate).default([]) });
  const { results } = await ask('The place search', { url: address(base, '/v1/search', query), signal }, answer);
  const found = results.find((place) => within.every((part) => liesIn(part, place)));
  if (found) return { name: described(found), latitude: found.latitude, longitude: found.longitude };
  if (results.length === 0)
    throw new ToolError(`There is no place ${JSON.stringify(text)}. Try another spelling, or coordinates.`);
  const others = results.slice(0, MOST_NAMED).map(described);
  throw new ToolError(`There is no place ${JSON.stringify(text)}, but there are: ${[...new Set(others)].join('; ')}.`);
}

function liesIn(part: string, { country, country_code, admin1, admin2 }: Candidate): boolean {
  const names = [country, country_code, admin1, admin2].flatMap((name) => (name === undefined ? [] : comparable(name)));
  return part === '' || names.includes(comparable(part));
}

function described({ name, admin1, country }: Candidate): string {
  const parts = [name, admin1 === name ? undefined : admin1, country].filter(
    (part) => part !== undefined && part !== '',
  );
  return plainText(parts.join(', '), 200);
}
