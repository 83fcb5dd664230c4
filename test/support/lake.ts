import { Template } from 'aws-cdk-lib/assertions';
import { newStack } from './synth';
import { EventLake } from '../../src';

/** The template of a lake that has the events of all senders. */
export function templateOfLake(): Template {
  const stack = newStack();
  const lake = new EventLake(stack, 'Lake');
  // Naming them creates them.
  lake.pinpointEvents;
  lake.smsVoiceEvents;
  lake.emailEvents;
  return Template.fromStack(stack);
}
