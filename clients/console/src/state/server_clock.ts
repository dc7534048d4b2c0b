/** The city's time, as the server last told it; runs faster than real time under a practice clock. */
export class ServerClock {
  private toldAt_ms = performance.now();
  private told_us = BigInt(Date.now()) * 1000n;
  private factor = 1;
  private offset_min = 480;

  /** At a greeting. */
  set(now_us: bigint, factor: number, offset_min: number): void {
    this.factor = Math.max(1, factor);
    this.offset_min = offset_min;
    this.tell(now_us);
  }

  tell(now_us: bigint): void {
    this.toldAt_ms = performance.now();
    this.told_us = now_us;
  }

  now_us(): bigint {
    return this.told_us + BigInt(Math.round((performance.now() - this.toldAt_ms) * 1000 * this.factor));
  }

  /** The city's civil time as the fields of a UTC date. */
  civil(at_us: bigint): Date {
    return new Date(Number(at_us / 1000n) + this.offset_min * 60_000);
  }

  /** The first instant of the city's day, `days` before today. */
  dayStart_us(days = 0): bigint {
    const civil = this.civil(this.now_us());
    const midnight_ms = Date.UTC(civil.getUTCFullYear(), civil.getUTCMonth(), civil.getUTCDate() - days);
    return BigInt(midnight_ms - this.offset_min * 60_000) * 1000n;
  }
}
