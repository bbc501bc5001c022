import type { Finding } from './finding.ts';
import type { Place } from './place.ts';

/** Something to ask AWS before a deploy. */
export type Question = {
  /** What is asked, as the end of "Could not check …". */
  readonly what: string;
  /** The right that it takes. */
  readonly right: string;
  readonly ask: (place: Place) => Promise<readonly Finding[]>;
};
