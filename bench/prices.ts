/** List prices in us-east-1, in US dollars, as of November 2026. Free tiers are left out. */
export const prices = {
  /** API Gateway, HTTP API: a request of up to 512 KB. */
  request: 1.0e-6,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  signature: 15e-6,
  mail: 0.1e-3,
  invocation: 0.2e-6,
  /** Lambda on arm64. */
  gigabyteSecond: 0.0000133334,
  /** CloudWatch Logs, taken in. */
  logByte: 0.5 / 1e9,
  keyMonth: 1,
  alarmMonth: 0.1,
  dashboardMonth: 3,
} as const;
