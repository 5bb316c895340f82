// Who asks the server when. What was done (an act) is sent to its end, one after the other; nothing breaks it off. What is
// only looked at (a look) gives way: to a newer look for good, to an act until the last of them is through.
//   new Turns((isBusy) => …).act(async () => …), .look(async (signal) => …)
export class Turns {
  #acts = 0;
  #last = Promise.resolve();
  #wanted = null; // the look that is still to be had
  #looking = null; // what breaks it off, while it runs

  constructor(tell = () => {}) {
    this.tell = tell;
  }

  async act(run) {
    this.#acts += 1;
    this.#looking?.abort();
    this.tell(true);
    const mine = this.#last.then(run);
    this.#last = mine.catch(() => {}); // whoever asked is told; the next goes on
    try {
      return await mine;
    } finally {
      this.#acts -= 1;
      this.#next();
    }
  }

  look(run) {
    this.#wanted = run;
    return this.#next();
  }

  async #next() {
    if (this.#acts) return;
    this.#looking?.abort();
    if (!this.#wanted) return this.tell(false);
    const mine = (this.#looking = new AbortController());
    this.tell(true);
    try {
      await this.#wanted(mine.signal);
    } finally {
      if (!mine.signal.aborted) {
        this.#wanted = this.#looking = null;
        this.tell(false);
      }
    }
  }
}
