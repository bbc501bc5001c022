import * as z from 'zod';

const units = z.int().positive().max(40_000);

/** The settings for alarms, logs, metrics and the table: a part of `lib/settings.ts`. */
export const operations = {
  /** Turns alarms on or off, says who is notified, and sets a monthly budget for the account. */
  alarms: z
    .strictObject({
      enabled: z.boolean().default(true),
      email: z.email().optional(),
      monthlyBudgetUsd: z.number().positive().optional(),
    })
    .refine(
      ({ enabled, email, monthlyBudgetUsd }) => enabled || email === undefined || monthlyBudgetUsd !== undefined,
      'has an email that nothing would be told to: set enabled, or a monthlyBudgetUsd',
    )
    .prefault({}),
  /** True to create a dashboard. */
  dashboard: z.boolean().default(true),
  /** True if new code first gets a tenth of the requests. Without it, a deployment takes effect at once. */
  canary: z.boolean().default(true),
  /** True to trace requests with X-Ray. */
  tracing: z.boolean().default(false),
  /** The most that the table accepts in a second, or an existing table with its own limits. */
  table: z
    .strictObject({
      /** The name of an existing table, such as a restored one. It is not part of the stack. */
      existing: z
        .string()
        .regex(/^[\w.-]{3,255}$/, 'must be the name of a table')
        .optional(),
      maxReadUnits: units.optional(),
      maxWriteUnits: units.optional(),
    })
    .refine(
      ({ existing, maxReadUnits, maxWriteUnits }) =>
        existing === undefined || (maxReadUnits ?? maxWriteUnits) === undefined,
      'is an existing one, whose limits you set in DynamoDB: leave out maxReadUnits and maxWriteUnits',
    )
    .prefault({}),
  /** Which log lines are written for requests. The Lambdas always log what was refused or failed. */
  logs: z
    .strictObject({
      /** The share of successful requests that the Lambdas describe: 1 for all, 0.1 for a tenth, 0 for none. */
      share: z.number().min(0).max(1).default(1),
      /** True if API Gateway writes a line for each request. */
      access: z.boolean().default(true),
    })
    .prefault({}),
  /** What the metrics are broken down by. CloudWatch charges for each combination that occurs. */
  countedBy: z.strictObject({ endpoint: z.boolean().default(true), tool: z.boolean().default(true) }).prefault({}),
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]).default(30),
};
