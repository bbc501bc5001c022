import * as z from 'zod';
import { secret } from '#core/keys/secret.ts';
import { defineTool, ToolError } from '../define-tool.ts';
import { deadline } from './service.ts';
import { findPlace, type Place } from './weather/find-place.ts';
import { forecast } from './weather/forecast.ts';

const degrees = (limit: number) => z.number().min(-limit).max(limit);
const amount = z.number().optional();
const weather = z.string().optional();

const input = z.strictObject({
  place: z
    .string()
    .trim()
    .min(2)
    .max(100)
    .optional()
    .describe('A town or postal code, as in "Paris" or "Paris, Texas"'),
  latitude: degrees(90)
    .optional()
    .describe('In degrees, north is positive; together with longitude, instead of a place'),
  longitude: degrees(180).optional().describe('In degrees, east is positive'),
  units: z.enum(['metric', 'imperial']).default('metric').describe('°C, km/h and mm, or °F, mph and inches'),
  days: z.int().min(1).max(7).default(3).describe('How many days of forecast, today included, up to 7'),
});

const units = {
  metric: { temperature: '°C', wind: 'km/h', precipitation: 'mm' },
  imperial: { temperature: '°F', wind: 'mph', precipitation: 'inch' },
};

export default defineTool({
  name: 'get_weather',
  title: 'Get the weather',
  description:
    'Gets the current weather of a place and the forecast for the next days. The place can be a name or coordinates. ' +
    'Times and days are local to the place; humidity and precipitationChance are percentages.',
  scope: 'everyday:use',
  bounded: true,
  input,
  output: z.object({
    place: z.object({ name: z.string(), latitude: z.number(), longitude: z.number(), timeZone: z.string() }),
    units: z.object({ temperature: z.string(), wind: z.string(), precipitation: z.string() }),
    current: z.object({
      time: z.string(),
      weather,
      temperature: amount,
      feelsLike: amount,
      humidity: amount,
      precipitation: amount,
      wind: amount,
    }),
    days: z.array(
      z.object({
        date: z.string(),
        weather,
        high: amount,
        low: amount,
        precipitation: amount,
        precipitationChance: amount,
        wind: amount,
      }),
    ),
    source: z.string().describe('Who is to be named with the data'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: async (wanted, call) => {
    const signal = deadline(call);
    const key = await secret('WEATHER_KEY', call.now);
    const place = await placeOf(wanted, key, signal);
    const { timeZone, current, days } = await forecast(place, { ...wanted, key, signal });
    const source = 'Weather data by Open-Meteo.com (CC BY 4.0)';
    return { place: { ...place, timeZone }, units: units[wanted.units], current, days, source };
  },
});

async function placeOf(wanted: z.output<typeof input>, key: string | undefined, signal: AbortSignal): Promise<Place> {
  const { place, latitude, longitude } = wanted;
  const isNamed = place !== undefined && latitude === undefined && longitude === undefined;
  if (isNamed) return findPlace(place, key, signal);
  if (place === undefined && latitude !== undefined && longitude !== undefined) {
    return { name: `${latitude}, ${longitude}`, latitude, longitude };
  }
  throw new ToolError('Give either a place, or latitude and longitude.');
}
