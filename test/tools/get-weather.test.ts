import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failures, json, type Service, startService } from '../support/service.ts';
import { startStackWith } from '../support/settings-stack.ts';
import type { RunningStack } from '../support/stack.ts';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

type Weather = {
  readonly place: object;
  readonly units: object;
  readonly current: object;
  readonly days: readonly object[];
  readonly source: string;
};

const berlin = {
  id: 2950159,
  name: 'Berlin',
  latitude: 52.52437,
  longitude: 13.41053,
  elevation: 74,
  feature_code: 'PPLC',
  country_code: 'DE',
  timezone: 'Europe/Berlin',
  population: 3426354,
  country: 'Germany',
  admin1: 'State of Berlin',
};
const paris = [
  {
    id: 1,
    name: 'Paris',
    latitude: 48.85,
    longitude: 2.35,
    country_code: 'FR',
    country: 'France',
    admin1: 'Île-de-France',
  },
  {
    id: 2,
    name: 'Paris',
    latitude: 33.66,
    longitude: -95.56,
    country_code: 'US',
    country: 'United States',
    admin1: 'Texas',
  },
  { id: 3, name: 'Paris', latitude: 43.2, longitude: -80.38, country_code: 'CA', country: 'Canada', admin1: 'Ontario' },
];
const told = {
  latitude: 52.52,
  longitude: 13.419998,
  generationtime_ms: 0.2,
  utc_offset_seconds: 3600,
  elevation: 38,
  timezone: 'Europe/Berlin',
  timezone_abbreviation: 'GMT+1',
  current_units: {},
  daily_units: {},
  current: {
    time: '2026-11-21T01:15',
    interval: 900,
    weather_code: 61,
    temperature_2m: 4.3,
    apparent_temperature: 0.9,
    relative_humidity_2m: 87,
    precipitation: 0.2,
    wind_speed_10m: 12.6,
  },
  daily: {
    time: ['2026-11-21', '2026-11-22'],
    weather_code: [61, 3],
    temperature_2m_max: [6.1, 7],
    temperature_2m_min: [1.2, -0.4],
    precipitation_sum: [3.4, 0],
    precipitation_probability_max: [90, 10],
    wind_speed_10m_max: [20.1, 15],
  },
};

let service: Service;
let stack: RunningStack;
let person: ToolClient;

beforeAll(async () => {
  service = await startService();
  const environment = {
    WEATHER_URL: service.url,
    GEOCODING_URL: `${service.url}/places/`,
    SERVICE_TIMEOUT_SECONDS: '1.5',
  };
  stack = await startStackWith({ tools: { environment } });
  person = await connectTools(stack.issuer);
});
beforeEach(() => {
  service.asked.length = 0;
  service.serve('/places/v1/search', json({ results: [berlin], generationtime_ms: 0.5 }));
  service.serve('/v1/forecast', json(told));
});
afterAll(async () => {
  await person.close();
  await stack.stop();
  await service.stop();
});

const weather = (input: object) => person.run<Weather>('get_weather', input);
const queries = () => service.asked.map(({ path, query }) => [path, query] as const);

describe('get_weather', () => {
  test('tells the weather of a place now and on the next days', async () => {
    expect(await weather({ place: ' Berlin ' })).toEqual({
      place: {
        name: 'Berlin, State of Berlin, Germany',
        latitude: 52.52437,
        longitude: 13.41053,
        timeZone: 'Europe/Berlin',
      },
      units: { temperature: '°C', wind: 'km/h', precipitation: 'mm' },
      current: {
        time: '2026-11-21T01:15',
        weather: 'Light rain',
        temperature: 4.3,
        feelsLike: 0.9,
        humidity: 87,
        precipitation: 0.2,
        wind: 12.6,
      },
      days: [
        {
          date: '2026-11-21',
          weather: 'Light rain',
          high: 6.1,
          low: 1.2,
          precipitation: 3.4,
          precipitationChance: 90,
          wind: 20.1,
        },
        {
          date: '2026-11-22',
          weather: 'Overcast',
          high: 7,
          low: -0.4,
          precipitation: 0,
          precipitationChance: 10,
          wind: 15,
        },
      ],
      source: 'Weather data by Open-Meteo.com (CC BY 4.0)',
    });
  });

  test('tells the services where, and nothing of who', async () => {
    await weather({ place: 'Berlin', days: 2 });
    expect(queries()).toEqual([
      ['/places/v1/search', { name: 'Berlin', count: '1', language: 'en', format: 'json' }],
      [
        '/v1/forecast',
        {
          latitude: '52.52437',
          longitude: '13.41053',
          timezone: 'auto',
          forecast_days: '2',
          temperature_unit: 'celsius',
          wind_speed_unit: 'kmh',
          precipitation_unit: 'mm',
          current: Object.keys(told.current)
            .filter((name) => !['time', 'interval'].includes(name))
            .join(','),
          daily: Object.keys(told.daily)
            .filter((name) => name !== 'time')
            .join(','),
        },
      ],
    ]);
    for (const { headers, body } of service.asked) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
      expect(headers['user-agent']).toBe(`Vestibule/0.1 (${stack.issuer})`);
      expect(body).toBe('');
    }
  });

  test('asks for coordinates without looking for a place', async () => {
    const { place } = await weather({ latitude: -33.87, longitude: 151.21 });
    expect(place).toEqual({ name: '-33.87, 151.21', latitude: -33.87, longitude: 151.21, timeZone: 'Europe/Berlin' });
    expect(queries()).toMatchObject([
      ['/v1/forecast', { latitude: '-33.87', longitude: '151.21', forecast_days: '3' }],
    ]);
  });

  test('measures as it is asked to', async () => {
    const { units } = await weather({ place: 'Berlin', units: 'imperial' });
    expect(units).toEqual({ temperature: '°F', wind: 'mph', precipitation: 'inch' });
    const wanted = { temperature_unit: 'fahrenheit', wind_speed_unit: 'mph', precipitation_unit: 'inch' };
    expect(queries()[1]).toMatchObject(['/v1/forecast', wanted]);
  });

  test.for([
    ['Paris', 48.85],
    ['Paris, Texas', 33.66],
    ['Paris,united states', 33.66],
    ['Paris, Ontario, Canada', 43.2],
    ['Paris, FR', 48.85],
    ['Paris,', 48.85],
  ] as const)('finds %s', async ([place, latitude]) => {
    service.serve('/places/v1/search', json({ results: paris }));
    expect((await weather({ place })).place).toMatchObject({ latitude });
    expect(queries()[0]).toMatchObject(['/places/v1/search', { name: 'Paris' }]);
  });

  test('names the places that there are when none lies where it should', async () => {
    service.serve('/places/v1/search', json({ results: paris }));
    expect(await person.refuse('get_weather', { place: 'Paris, Atlantis' })).toBe(
      'There is no place "Paris, Atlantis", but there are: Paris, Île-de-France, France; Paris, Texas, United States; Paris, Ontario, Canada.',
    );
  });

  test('says that there is no such place', async () => {
    service.serve('/places/v1/search', json({ generationtime_ms: 0.3 }));
    expect(await person.refuse('get_weather', { place: 'Nowhere' })).toBe(
      'There is no place "Nowhere". Try another spelling, or coordinates.',
    );
  });

  test('leaves out what the service does not know', async () => {
    const { current, daily } = told;
    const nothing = [null, null];
    service.serve(
      '/v1/forecast',
      json({
        ...told,
        current: { ...current, weather_code: 42, apparent_temperature: null, precipitation: undefined },
        daily: {
          ...daily,
          weather_code: nothing,
          precipitation_probability_max: nothing,
          wind_speed_10m_max: undefined,
        },
      }),
    );
    const given = await weather({ place: 'Berlin' });
    expect(given.current).toEqual({
      time: '2026-11-21T01:15',
      weather: 'Weather code 42',
      temperature: 4.3,
      humidity: 87,
      wind: 12.6,
    });
    expect(given.days[0]).toEqual({ date: '2026-11-21', high: 6.1, low: 1.2, precipitation: 3.4 });
  });

  test('takes names for text, whatever is in them', async () => {
    const name = `<img src=x onerror=alert(1)>Ber\u202elin\n${'n'.repeat(300)}`;
    service.serve('/places/v1/search', json({ results: [{ ...berlin, name, admin1: '', country: undefined }] }));
    const { place } = await weather({ place: 'Berlin' });
    expect(place).toMatchObject({ name: `Berlin ${'n'.repeat(192)}…` });
  });

  test.for<[string, object]>([
    ['Give either a place, or latitude and longitude.', {}],
    ['Give either a place, or latitude and longitude.', { latitude: 1 }],
    ['Give either a place, or latitude and longitude.', { longitude: 1 }],
    ['Give either a place, or latitude and longitude.', { place: 'Berlin', latitude: 1, longitude: 1 }],
    ['Give either a place, or latitude and longitude.', { place: 'Berlin', latitude: 1 }],
    ['place', { place: '' }],
    ['place', { place: 'x' }],
    ['place', { place: 'x'.repeat(101) }],
    ['place', { place: 7 }],
    ['latitude', { latitude: 90.1, longitude: 0 }],
    ['longitude', { latitude: 0, longitude: -180.1 }],
    ['latitude', { latitude: 'one', longitude: 1 }],
    ['units', { place: 'Berlin', units: 'kelvin' }],
    ['days', { place: 'Berlin', days: 0 }],
    ['days', { place: 'Berlin', days: 8 }],
    ['days', { place: 'Berlin', days: 1.5 }],
    ['url', { place: 'Berlin', url: 'http://127.0.0.1' }],
  ])('refuses, saying %s: %j', async ([said, input]) => {
    expect(await person.refuse('get_weather', input)).toContain(said);
    expect(service.asked).toEqual([]);
  });
});

describe('a weather service that fails', () => {
  test.for(failures)('is named when it %s', async ([, answer, said]) => {
    service.serve('/v1/forecast', answer);
    expect(await person.refuse('get_weather', { place: 'Berlin' })).toBe(
      `The weather service is of no help just now: ${said}. Try again later.`,
    );
    expect(service.asked.map(({ path }) => path)).toEqual(['/places/v1/search', '/v1/forecast']);
  });

  test.for([
    {},
    null,
    [],
    { ...told, current: {} },
    { ...told, daily: { time: 'never' } },
    { error: true, reason: 'no' },
  ])('is not understood when it answers with %j', async (answer) => {
    service.serve('/v1/forecast', json(answer));
    expect(await person.refuse('get_weather', { place: 'Berlin' })).toBe(
      'The weather service answered in a way that is not understood here.',
    );
  });

  test('is not asked when the place search fails', async () => {
    for (const [, answer, said] of failures.slice(0, 3)) {
      service.serve('/places/v1/search', answer);
      expect(await person.refuse('get_weather', { place: 'Berlin' })).toContain(
        `The place search is of no help just now: ${said}`,
      );
    }
    expect(service.asked.map(({ path }) => path)).not.toContain('/v1/forecast');
  });
});
