/**
 * How many characters an answer has room for. Claude cuts an answer at about 150,000 characters and Claude Code at
 * 25,000 tokens, and a model reads less with more before it.
 */
export const MOST_CHARACTERS = 75_000;

/** As many items, from the first on, as an answer has room for, and at least one. */
export function fitting<T>(items: readonly T[]): readonly T[] {
  let taken = 0;
  const end = items.findIndex((item, at) => {
    taken += sizeInOutput(item);
    return at > 0 && taken > MOST_CHARACTERS;
  });
  return end < 0 ? items : items.slice(0, end);
}

/** The output of a tool goes out twice: as it is, and once more as a text. MCP 2026-07-28, Tools. */
function sizeInOutput(item: unknown): number {
  const json = JSON.stringify(item);
  return json.length + JSON.stringify(json).length;
}

/** As many lines, from the first on, as fit into one text of an answer, and at least one. */
export function fittingLines(lines: readonly string[]): readonly string[] {
  let taken = 0;
  const end = lines.findIndex((line, at) => {
    taken += JSON.stringify(line).length;
    return at > 0 && taken > MOST_CHARACTERS;
  });
  return end < 0 ? lines : lines.slice(0, end);
}
