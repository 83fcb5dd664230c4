import { requestDate } from '../../../src/handler/request';
import { createRequest } from '../../support/handler/requests';

describe('the time of a request', () => {
  it.each([
    ['is the date for which its URL is signed', 'https://bucket.s3.amazonaws.com/x?X-Amz-Date=20261124T015903Z&X-Amz-Expires=7200', '2026-11-24T01:59:03.000Z'],
    ['is found anywhere in the query', 'https://bucket.s3.amazonaws.com/x?X-Amz-Expires=7200&X-Amz-Date=20261124T015903Z', '2026-11-24T01:59:03.000Z'],
    ['is unknown where the URL bears none', 'https://bucket.s3.amazonaws.com/x?AWSAccessKeyId=A&Expires=1795485543', undefined],
    ['is unknown where the date has another form', 'https://bucket.s3.amazonaws.com/x?X-Amz-Date=2026-11-24', undefined],
  ])('%s', (_, ResponseURL, expected) => {
    // WHEN
    const date = requestDate({ ...createRequest(), ResponseURL });

    // THEN
    expect(date?.toISOString()).toBe(expected);
  });
});
