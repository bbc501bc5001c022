import * as z from 'zod';

const units = z.int().positive().max(40_000);

/** The settings that say what an operator sees, keeps and is told: a part of `lib/settings.ts`. */
export const operations = {
  /** Whether there are alarms, who is told of them, and what the account may cost in a month. */
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
  /** Whether there is a dashboard. */
  dashboard: z.boolean().default(true),
  /** Whether new code gets a tenth of the requests first. Without it a deployment is in force at once. */
  canary: z.boolean().default(true),
  /** Whether X-Ray is told how long each request took, and where. */
  tracing: z.boolean().default(false),
  /** The most that the table takes in a second; or a table that exists already and has limits of its own. */
  table: z
    .strictObject({
      /** The name of a table that exists, such as one that was restored. It stands outside the stack. */
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
  /** Which lines about requests are written. What was refused or failed always is by the Lambdas. */
  logs: z
    .strictObject({
      /** Of how many requests that went well the Lambdas say what was asked: 1 for all, 0.1 for a tenth, 0 for none. */
      share: z.number().min(0).max(1).default(1),
      /** Whether API Gateway writes a line for each request. */
      access: z.boolean().default(true),
    })
    .prefault({}),
  /** By what the metrics tell requests and tool calls apart. CloudWatch charges for each combination that occurs. */
  countedBy: z.strictObject({ endpoint: z.boolean().default(true), tool: z.boolean().default(true) }).prefault({}),
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]).default(30),
};
