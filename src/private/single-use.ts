import { Construct } from 'constructs';
import { errorAt } from './report';

/** Guards a destination that creates its resource: it can do so for one event stream only. */
export class SingleUse {
  private user?: Construct;

  constructor(private readonly destination: string, private readonly resource: string) {}

  public claimFor(scope: Construct): void {
    if (this.user) {
      throw errorAt(scope,
        `a ${this.destination} without a ${this.resource} creates one for a single event stream, and ${this.user.node.path} uses this one already: ` +
        `create the ${this.resource} yourself and pass it to ${this.destination}, which can then serve both`);
    }
    this.user = scope;
  }
}
