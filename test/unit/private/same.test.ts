import { Duration, Stack } from 'aws-cdk-lib';
import { isSame } from '../../../src/private/same';

const stack = new Stack();

it.each<[string, unknown, unknown]>([
  ['texts', 'a', 'a'],
  ['durations, in whatever unit', Duration.minutes(1), Duration.seconds(60)],
  ['constructs', stack, stack],
  ['structures of the same, in whatever order', { a: 1, b: [{ c: stack }] }, { b: [{ c: stack }], a: 1 }],
  ['structures one of which leaves out what the other has as undefined', { a: 1 }, { a: 1, b: undefined }],
  ['nothing', undefined, undefined],
])('%s are the same property', (_, one, other) => {
  // THEN
  expect([isSame(one, other), isSame(other, one)]).toEqual([true, true]);
});

it.each<[string, unknown, unknown]>([
  ['a text and another', 'a', 'b'],
  ['a duration and another', Duration.minutes(1), Duration.seconds(61)],
  ['a duration and nothing', Duration.minutes(1), undefined],
  ['a construct and another that holds the same', new Stack(), new Stack()],
  ['a structure and one that has more', { a: 1 }, { a: 1, b: 2 }],
  ['a list and one that has more', [1], [1, 2]],
  ['a list and one in another order', [1, 2], [2, 1]],
  ['an empty structure and nothing', {}, undefined],
])('%s are not the same property', (_, one, other) => {
  // THEN
  expect([isSame(one, other), isSame(other, one)]).toEqual([false, false]);
});
