/** Figures of the same thing, one of each run. */
export class Series {
  private readonly sorted: number[];

  constructor(readonly figures: readonly number[]) {
    if (figures.length === 0) {
      throw new Error('expected figures of at least one run, got none');
    }
    this.sorted = [...figures].sort((a, b) => a - b);
  }

  public get min(): number {
    return this.sorted[0];
  }

  public get median(): number {
    const middle = this.sorted.length / 2;
    return (this.sorted[Math.ceil(middle) - 1] + this.sorted[Math.floor(middle)]) / 2;
  }

  public get max(): number {
    return this.sorted[this.sorted.length - 1];
  }
}
