/** Time for engines: the machine's, or a test's own. */

/** Milliseconds from any one moment on, and calls when some of them are over. */
export interface Clock {
  /** Returns the time. */
  now(): number;
  /** Returns the time of the calendar. */
  utc(): Date;
  /** Makes a call at a time, or soon if it is past; returns what lets it not be made. */
  at(time: number, call: () => void): () => void;
}

/** The machine's clock. */
export const machineClock: Clock = {
  now: () => Math.floor(performance.now()),
  utc: () => new Date(),
  at: (time, call) => {
    const timer = setTimeout(call, Math.max(time - Math.floor(performance.now()), 0));
    return () => clearTimeout(timer);
  },
};

interface VirtualTimer {
  readonly time: number;
  readonly call: () => void;
}

/** A clock that stands until a test moves it. */
export class VirtualClock implements Clock {
  private time = 0;
  /** In the order in which they are due. */
  private timers: VirtualTimer[] = [];

  constructor(private readonly start: Date = new Date("2026-01-01T00:00:00Z")) {}

  now(): number {
    return this.time;
  }

  utc(): Date {
    return new Date(this.start.getTime() + this.time);
  }

  at(time: number, call: () => void): () => void {
    const timer = { time: Math.max(time, this.time), call };
    const place = this.timers.findIndex((other) => other.time > timer.time);
    this.timers.splice(place === -1 ? this.timers.length : place, 0, timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Returns the time of the next call. */
  next(): number | undefined {
    return this.timers[0]?.time;
  }

  /** Goes on to a time, and makes the calls that are due on the way. */
  move(time: number): void {
    for (let first = this.timers[0]; first !== undefined && first.time <= time; first = this.timers[0]) {
      this.time = first.time;
      this.timers.shift();
      first.call();
    }
    this.time = Math.max(this.time, time);
  }
}
