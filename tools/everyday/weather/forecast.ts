import * as z from 'zod';
import { optionalEnv } from '#core/env.ts';
import { address, ask } from '../service.ts';
import type { Place } from './find-place.ts';
import { weatherText } from './weather-code.ts';

const base = optionalEnv('WEATHER_URL') || 'https://api.open-meteo.com';

/** What Open-Meteo is asked to measure in. */
const measures = {
  metric: { temperature_unit: 'celsius', wind_speed_unit: 'kmh', precipitation_unit: 'mm' },
  imperial: { temperature_unit: 'fahrenheit', wind_speed_unit: 'mph', precipitation_unit: 'inch' },
};
type Units = keyof typeof measures;

/** A model of the weather that does not cover a place has null there. */
const measured = z.number().nullish();
const measuredDaily = z.array(z.number().nullable()).default([]);

const current = {
  weather_code: measured,
  temperature_2m: measured,
  apparent_temperature: measured,
  relative_humidity_2m: measured,
  precipitation: measured,
  wind_speed_10m: measured,
};
const daily = {
  weather_code: measuredDaily,
  temperature_2m_max: measuredDaily,
  temperature_2m_min: measuredDaily,
  precipitation_sum: measuredDaily,
  precipitation_probability_max: measuredDaily,
  wind_speed_10m_max: measuredDaily,
};
const answer = z.object({
  timezone: z.string(),
  current: z.object({ time: z.string(), ...current }),
  daily: z.object({ time: z.array(z.string()), ...daily }),
});
type Answer = z.output<typeof answer>;

type Wanted = {
  readonly units: Units;
  readonly days: number;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
};

/** The weather at a place, now and over some days. Throws a ToolError when the service does not tell. Open-Meteo Forecast API. */
export async function forecast({ latitude, longitude }: Place, { units, days, key, signal }: Wanted) {
  const url = address(base, '/v1/forecast', {
    latitude,
    longitude,
    timezone: 'auto',
    forecast_days: days,
    ...measures[units],
    current: Object.keys(current).join(','),
    daily: Object.keys(daily).join(','),
    ...(key && { apikey: key }),
  });
  const told = await ask('The weather service', { url, signal }, answer);
  return { timeZone: told.timezone, current: now(told), days: told.daily.time.map((_, day) => onDay(told, day)) };
}

function now({ current }: Answer) {
  return {
    time: current.time,
    weather: inWords(current.weather_code),
    temperature: current.temperature_2m ?? undefined,
    feelsLike: current.apparent_temperature ?? undefined,
    humidity: current.relative_humidity_2m ?? undefined,
    precipitation: current.precipitation ?? undefined,
    wind: current.wind_speed_10m ?? undefined,
  };
}

function onDay({ daily }: Answer, day: number) {
  return {
    date: daily.time[day] ?? '',
    weather: inWords(daily.weather_code[day]),
    high: daily.temperature_2m_max[day] ?? undefined,
    low: daily.temperature_2m_min[day] ?? undefined,
    precipitation: daily.precipitation_sum[day] ?? undefined,
    precipitationChance: daily.precipitation_probability_max[day] ?? undefined,
    wind: daily.wind_speed_10m_max[day] ?? undefined,
  };
}

function inWords(code: number | null | undefined): string | undefined {
  return typeof code === 'number' ? weatherText(code) : undefined;
}
