/**
 * Where MiniStack 1.5.33 does other than AWS documents, as far as it shows here; what its IAM does not know is in
 * `emulator.py`. What it cannot make is left out by settings of the product.
 */
export const settings = {
  // CodeDeploy, which AWS has: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
  canary: false,
  // Alarms on metric math: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
  alarms: { enabled: false },
} as const;

/**
 * The checks of doctor that fail. The emulator answers every OPTIONS itself, with 403. API Gateway leads it to the
 * route, where the API has no CORS of its own: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export const failing = [
  'preflight of /mcp',
  'preflight of /token',
  'preflight of /register',
  'preflight of /revoke',
  'preflight of the documents',
];
