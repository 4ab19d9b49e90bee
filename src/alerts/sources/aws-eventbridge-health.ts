import { z } from 'zod';
import { defineSource } from '../source.js';
import { fromAws } from './aws-events.js';

const payload = z.union([z.looseObject({ 'detail-type': z.string() }), z.looseObject({ AlarmName: z.string() })]);

/** Amazon EventBridge, by an API destination: AWS Health, GuardDuty, alarms, and the states of jobs. */
export const awsEventbridgeHealth = defineSource({
  kind: 'aws-eventbridge-health',
  sender: 'Amazon EventBridge, AWS Health',
  authentication: 'token (connection of the API destination: Basic, or API key X-Api-Key)',
  episode: 'no body of a closed event is at hand; it differs in detail.statusCode and endTime',
  tokenHeaders: ['x-api-key'],
  kin: ['aws-sns-cloudwatch'],
  payload,
  alerts(body, about) {
    const read = fromAws(body, about);
    return 'why' in read ? read : [read];
  },
});
