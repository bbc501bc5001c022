/** What SES tells of a mail: what happened to it, and the member that is called like that. */
export type MailEvent = { readonly eventType: string; readonly [member: string]: unknown };

const names = new Map([
  ['Bounce', 'Email Bounced'],
  ['Complaint', 'Email Complaint Received'],
  ['Reject', 'Email Rejected'],
]);

/** The time so many seconds ago, as SES writes it. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1_000).toISOString().replace(/\.\d+/, '');
}

/** An event of a mail to an address, as EventBridge brings it from SES. */
export function sesEvent(address: string, detail: MailEvent, time = ago(60)): object {
  return {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    account: '000000000000',
    region: 'us-east-1',
    source: 'aws.ses',
    'detail-type': names.get(detail.eventType) ?? 'Email Delivery Delayed',
    time,
    resources: [],
    detail: {
      ...detail,
      mail: {
        timestamp: time,
        messageId: '0100',
        source: 'sign-in@vestibule.example',
        destination: [address],
        tags: { 'ses:configuration-set': ['Vestibule-SenderConfigurationSet4EA65E7D'] },
      },
    },
  };
}

/** What SES tells of a mail that came back. */
export function bounce(bounceType: string, emailAddress = 'forwarded@elsewhere.example'): MailEvent {
  const bouncedRecipients = [{ emailAddress, action: 'failed', status: '5.1.1' }];
  return { eventType: 'Bounce', bounce: { bounceType, bounceSubType: 'General', bouncedRecipients } };
}

/** What SES tells of a mail that somebody complained of. */
export function complaint(complaintFeedbackType?: string): MailEvent {
  const complainedRecipients = [{ emailAddress: 'x@example.com' }];
  return { eventType: 'Complaint', complaint: { complainedRecipients, complaintSubType: null, complaintFeedbackType } };
}
