import * as z from 'zod';

/**
 * A text that a person wrote, as it is kept. What looks the same is the same: letters and their accents are put together.
 * Unicode UAX #15, NFC.
 */
export const written = z.string().normalize();

/** A text as it is compared with another, in any case. What was kept before in another form compares alike. */
export function comparable(text: string): string {
  return text.normalize().toLowerCase().normalize();
}
