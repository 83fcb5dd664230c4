import { locationOf } from '../../../src/handler/location';

describe('the location', () => {
  it.each([
    ['of a stack', 'arn:aws:cloudformation:us-east-1:111111111111:stack/Stack/00000000-0000-0000-0000-000000000000',
      { region: 'us-east-1', account: '111111111111' }],
    ['of a destination in another partition', 'arn:aws-us-gov:kinesis:us-gov-west-1:111111111111:stream/events',
      { region: 'us-gov-west-1', account: '111111111111' }],
    ['of a role has no region', 'arn:aws:iam::111111111111:role/events', { region: '', account: '111111111111' }],
    ['of what is no ARN is not known', 'Stack', {}],
    ['of what only contains an ARN is not known', ' arn:aws:iam::111111111111:role/events', {}],
    ['of what ends before its account is not known', 'arn:aws:kinesis:us-east-1:111111111111', {}],
  ])('%s', (_, arn, expected) => {
    // THEN
    expect(locationOf(arn)).toEqual(expected);
  });
});
