import { Construct } from 'constructs';
import { errorAt } from './report';

/** Guards a destination that creates its resource, which it can do for one event stream or event destination only. */
export class SingleUse {
  private user?: Construct;

  constructor(private readonly destination: string, private readonly resource: string) {}

  public claimFor(scope: Construct): void {
    if (this.user) {
      throw errorAt(scope,
        `this ${this.destination} creates a ${this.resource} for one construct only, and '${this.user.node.path}' already has it: ` +
        `use a new ${this.destination}(), or create the ${this.resource} yourself and pass it to ${this.destination} to serve both`);
    }
    this.user = scope;
  }
}
