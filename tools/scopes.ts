import type { InLanguages } from '#core/words/languages.ts';

/**
 * What a scope lets a client do, in words for the person who is asked, and which scopes it includes. The text stands
 * after "This will allow the app to", in English, or in several languages of the catalogue.
 */
export type ScopeText = { readonly text: InLanguages; readonly implies?: readonly string[] };

/** Every scope a tool may ask for. The consent page shows the text. */
export const scopes = {
  'todos:read': { text: { en: 'See your to-dos', de: 'Ihre Aufgaben ansehen' } },
  'todos:write': {
    text: { en: 'Add, change and delete your to-dos', de: 'Aufgaben anlegen, ändern und löschen' },
    implies: ['todos:read'],
  },
  'everyday:use': {
    text: {
      en: 'Use the clock, calculator, weather and web search',
      de: 'Uhr, Rechner, Wetter und Websuche verwenden',
    },
  },
  'workspace:read': {
    text: {
      en: 'Search your documents and to-dos, and export reports on them and on past activity',
      de: 'Ihre Dokumente und Aufgaben durchsuchen und Berichte darüber und über bisherige Aktivitäten exportieren',
    },
  },
  'workspace:write': {
    text: { en: 'Add and change documents', de: 'Dokumente hinzufügen und ändern' },
    implies: ['workspace:read'],
  },
  'workspace:admin': {
    text: {
      en: 'Delete everything stored in your entire workspace',
      de: 'Alles löschen, was in Ihrem gesamten Arbeitsbereich gespeichert ist',
    },
  },
  'profile:read': {
    text: {
      en: 'See which account and organization it’s connected to',
      de: 'Sehen, mit welchem Konto und welcher Organisation die App verbunden ist',
    },
  },
} as const satisfies Record<string, ScopeText>;

/** The scopes of tools elsewhere: an app with tools of its own declares them here, so that they can be named. */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be extended
export interface OtherScopes {}

export type Scope = keyof typeof scopes | keyof OtherScopes;
