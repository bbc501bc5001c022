import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { fewLambdas } from '../../shared/concurrency.ts';
import { note } from '../finding.ts';
import { clientOf } from '../place.ts';
import type { Question } from '../question.ts';

/** How many Lambdas the account may run at a time. New accounts often have 10. */
export const lambdas: Question = {
  what: 'how many Lambdas the account may run at a time',
  right: 'lambda:GetAccountSettings',
  ask: async (place) => {
    const { AccountLimit } = await new LambdaClient(clientOf(place)).send(new GetAccountSettingsCommand({}));
    const sentence = fewLambdas(AccountLimit?.ConcurrentExecutions);
    return sentence === undefined ? [] : [note(sentence)];
  },
};
