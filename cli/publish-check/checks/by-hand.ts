import { NotChecked } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import type { List } from '../options.ts';

/** What no program can tell. OpenAI, Submitting plugins; Claude, Connectors directory. */
export const byHand: readonly Check[] = [
  hand('verified publisher', ['openai'], 'whose identity is verified is not seen from here', [
    'Verify the organization in the OpenAI platform, with a project whose data may reside anywhere.',
  ]),
  hand('test cases', ['openai'], 'answers of ChatGPT are not tried', [
    'Write five cases that should work and three that should not, from test-cases.md (--write), and try each in ChatGPT.',
  ]),
  hand('demo recording', ['openai'], 'there is no telling whether there is one', [
    'Record a sign-in and a use of each tool, and give its address in the form.',
  ]),
  hand('sign-in for reviewers', ['openai', 'anthropic'], 'people sign in here by a code that is mailed to them', [
    'Give the reviewers a password that is typed in place of the code: npm run admin -- reviewers add ADDRESS --tenant ID.',
    'Put something into the account, and write the address, the password and the steps into the form.',
  ]),
  hand('own or permitted service', ['openai', 'anthropic'], 'whose service the tools call is not seen from here', [
    'List only what reaches a service of your own, or one whose owner lets you.',
  ]),
  hand('what is not listed', ['openai', 'anthropic'], 'what the tools do with people’s data is not seen from here', [
    'See that no tool moves money, makes media for Claude, or returns more about a person than was asked for.',
  ]),
  hand('documentation', ['anthropic'], 'how good it is only readers can tell', [
    'Have a public page that says what the server does and how to connect: the server’s own home page is a start.',
  ]),
  hand('GitHub MCP registry', ['registry'], 'it is picked by its editors, and shown in VS Code', [
    'Publish server.json in the MCP registry, from a public repository.',
  ]),
  hand('Copilot Studio', ['copilot'], 'a connection in Copilot Studio is not tried', [
    'Add the server in Copilot Studio by its MCP URL, with OAuth and dynamic discovery.',
  ]),
];

function hand(name: string, lists: readonly List[], saw: string, remedies: readonly string[]): Check {
  return {
    name,
    lists,
    remedy: remedies.join(' '),
    judge: () => {
      throw new NotChecked(saw);
    },
  };
}
