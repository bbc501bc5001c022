/** The namespace of all metrics. In it the dimension `service`, the name of the stack, tells one deployment from another. */
export const namespace = 'Vestibule';

/** What is counted for the whole service, each time it happens. */
export type CountedEvent =
  | 'SignIns'
  | 'Grants'
  | 'RefreshThefts'
  | 'RefreshesElsewhere'
  | 'AuditFailures'
  | 'MailFailures'
  | 'MailsHeldBack'
  | 'MailBounces'
  | 'MailComplaints'
  | 'DeletionsOverdue';

/** What became of a tool call. */
export type ToolOutcome = 'allowed' | 'denied' | 'failed' | 'asked' | 'declined';

/** What an answer's status is counted as: its class, but for the answer to those who ask too often. */
export type StatusClass = '2xx' | '3xx' | '4xx' | '429' | '5xx';
