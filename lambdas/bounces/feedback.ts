import * as z from 'zod/mini';
import { askedFrom } from '#core/mail/asked-from.ts';

const mail = z.object({
  destination: z.array(z.string()).check(z.minLength(1)),
  tags: z.optional(z.record(z.string(), z.array(z.string()))),
});
const shape = z.object({
  time: z.iso.datetime(),
  detail: z.discriminatedUnion('eventType', [
    z.object({ eventType: z.literal('Bounce'), mail, bounce: z.object({ bounceType: z.string() }) }),
    z.object({
      eventType: z.literal('Complaint'),
      mail,
      complaint: z.object({ complaintFeedbackType: z.nullish(z.string()) }),
    }),
    z.object({ eventType: z.enum(['Reject', 'DeliveryDelay']), mail }),
  ]),
});

type Detail = z.output<typeof shape>['detail'];

/** What became of a mail. */
export type Feedback = {
  readonly kind: Detail['eventType'];
  /** As the mail was addressed, which is in canonical form. A report may name the address that it was forwarded to. */
  readonly addresses: readonly string[];
  /** Where it was asked for, if it says so. */
  readonly sourceIp: string | undefined;
  readonly happenedAtMilliseconds: number;
  /** Why no more mail may go there, if so. */
  readonly reason: 'bounce' | 'complaint' | undefined;
};

/** Reads what SES tells of a mail. Throws when that is of another form, so that the event is kept for somebody to look. */
export function readFeedback(event: unknown): Feedback {
  const { time, detail } = shape.parse(event);
  return {
    kind: detail.eventType,
    addresses: detail.mail.destination,
    sourceIp: askedFrom(detail.mail.tags ?? {}),
    happenedAtMilliseconds: Date.parse(time),
    reason: reasonToStop(detail),
  };
}

/** A full mailbox is empty again some day, and some people report that a mail is no spam. */
function reasonToStop(detail: Detail): Feedback['reason'] {
  if (detail.eventType === 'Bounce') return detail.bounce.bounceType === 'Permanent' ? 'bounce' : undefined;
  if (detail.eventType !== 'Complaint') return undefined;
  return detail.complaint.complaintFeedbackType === 'not-spam' ? undefined : 'complaint';
}
