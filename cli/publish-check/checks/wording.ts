import type { Check } from '../check.ts';
import { inputsOf, toolCheck } from './tool-check.ts';

/** What is not seen, or turns around what is. Unicode, General Category Cf, without the joiners that scripts and emoji need. */
export const hidden = /[\u00AD\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;
/** What turns a model to this server, or away from another. */
export const steering =
  /\b(ignore (all |any )?(previous|other|prior)|(instead of|rather than|do not use|don't use|never use) (any )?other (tools?|servers?|apps?)|always (use|call|prefer) this|the best (tool|app|server)|(better|faster) than (any )?other)\b/i;

/** How tools are worded. OpenAI, App submission; Claude, Review criteria. */
export const wordingChecks: readonly Check[] = [
  toolCheck('hidden text', ['openai', 'anthropic'], 'Take out the characters that nobody sees.', (tool) =>
    hidden.test(JSON.stringify(tool)) ? 'with characters that nobody sees' : undefined,
  ),
  {
    ...toolCheck(
      'words of descriptions',
      ['openai', 'anthropic'],
      'Say what the tool does, and nothing of other tools or of how good it is.',
      (tool) => {
        const [words] = steering.exec([tool.description, ...inputsOf(tool).map(describedBy)].join('\n')) ?? [];
        return words && `saying "${words}"`;
      },
    ),
    isAdvice: true,
  },
];

function describedBy([, schema]: readonly [name: string, schema: object]): string {
  return 'description' in schema ? String(schema.description) : '';
}
