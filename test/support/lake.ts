import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { newStack } from './synth';
import { EventLake } from '../../src';

/** Adds a lake that has the events of all senders. */
export function addLake(stack: Stack): void {
  const lake = new EventLake(stack, 'Lake');
  // Naming them creates them.
  lake.pinpointEvents;
  lake.smsVoiceEvents;
  lake.emailEvents;
}

/** The template of a lake that has the events of all senders. */
export function templateOfLake(): Template {
  const stack = newStack();
  addLake(stack);
  return Template.fromStack(stack);
}
