import { Duration } from 'aws-cdk-lib';

/** Whether two properties of a construct are the same. Compares constructs by identity, and durations and structures by value. */
export function isSame(one: any, other: any): boolean {
  if (one instanceof Duration && other instanceof Duration) {
    return one.toMilliseconds() === other.toMilliseconds();
  }
  if (one && other && typeof one === 'object' && [Array.prototype, Object.prototype].includes(Object.getPrototypeOf(one))) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => isSame(one[key], other[key]));
  }
  return one === other;
}
