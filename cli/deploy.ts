import { deploy } from './deploy/deploy.ts';
import { Failure, sentenceFor } from './shared/failure.ts';

try {
  process.exitCode = await deploy(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${sentenceFor(error, 'AWS')}\n`);
  process.exitCode = error instanceof Failure ? error.exitCode : 1;
}
