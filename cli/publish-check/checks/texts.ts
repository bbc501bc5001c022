import { Fault, must, NotChecked } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { listingIn, mustHave, titleOf } from '../require.ts';

const LONGEST_TITLE = 30;
const FEWEST_PROMPTS = 3;
const set = (key: string, what: string) => `Set listing.${key} in vestibule.config.ts: ${what}.`;

/** The texts of the forms. OpenAI, Submission errors; Claude, Connectors directory; MCP registry, server.json. */
export const textChecks: readonly Check[] = [
  {
    name: 'listing',
    lists: ['registry', 'openai', 'anthropic', 'card', 'cursor', 'gemini'],
    remedy: 'Set it, as docs/publishing.md shows, and deploy.',
    judge: ({ settings }) => {
      if (!settings.listing) throw new Fault('there is no listing in vestibule.config.ts');
      return settings.listing.name;
    },
  },
  {
    name: 'title',
    lists: ['registry', 'openai', 'anthropic'],
    remedy: set('title', `at most ${LONGEST_TITLE} characters`),
    judge: (seen) => {
      const title = titleOf(seen);
      must(title.length <= LONGEST_TITLE, `"${title}" has ${title.length} characters`);
      return title;
    },
  },
  {
    name: 'title for ChatGPT',
    lists: ['openai'],
    remedy: set('title', 'what it is, without "MCP"'),
    judge: (seen) => {
      must(!/\bmcp\b/i.test(titleOf(seen)), `"${titleOf(seen)}" has MCP in it`);
      return undefined;
    },
  },
  {
    name: 'tagline',
    lists: ['openai', 'anthropic'],
    remedy: set('tagline', 'one line of at most 30 characters'),
    judge: (seen) => mustHave(seen, 'tagline'),
  },
  {
    name: 'longer text',
    lists: ['openai', 'anthropic'],
    remedy: set('text', 'what it does for people, in at most 4000 characters'),
    judge: (seen) => `${mustHave(seen, 'text').length} characters`,
  },
  {
    name: 'publisher',
    lists: ['openai'],
    remedy: set('publisher', 'the name of the person or organization whose identity OpenAI has verified'),
    judge: (seen) => mustHave(seen, 'publisher'),
  },
  {
    name: 'example prompts',
    lists: ['openai', 'anthropic'],
    isAdvice: true,
    remedy: set('prompts', 'three things that people could ask for'),
    judge: (seen) => {
      const { length } = listingIn(seen).prompts;
      must(length >= FEWEST_PROMPTS, `there are ${length}`);
      return `${length}`;
    },
  },
  {
    name: 'prices',
    lists: ['openai'],
    isAdvice: true,
    remedy: 'Leave prices out of the texts: ChatGPT shows none.',
    judge: (seen) => {
      const { tagline = '', description, text = '' } = listingIn(seen);
      const price = /[$€£¥]\s?\d|\d\s?(?:[$€£¥]|USD|EUR)/.exec([tagline, description, text].join(' '));
      must(price === null, `there is "${price?.[0]}" in them`);
      return undefined;
    },
  },
  {
    name: 'repository for Cursor',
    lists: ['cursor'],
    remedy: set('repository', 'a public repository, with .cursor-plugin/plugin.json and mcp.json in it'),
    judge: (seen) => mustHave(seen, 'repository'),
  },
  {
    name: 'repository for Gemini CLI',
    lists: ['gemini'],
    remedy: set('repository', 'a public repository on GitHub, with gemini-extension.json at its root'),
    judge: (seen) => {
      const repository = mustHave(seen, 'repository');
      must(repository.startsWith('https://github.com/'), `${repository} is not on GitHub`);
      return repository;
    },
  },
  {
    name: 'topic for Gemini CLI',
    lists: ['gemini'],
    remedy: 'Give the repository the topic gemini-cli-extension: the gallery looks for it each day.',
    judge: () => {
      throw new NotChecked('the topics of the repository are not looked at');
    },
  },
];
