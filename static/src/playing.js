// What the player counts: no page is needed here.

/** 65.4 seconds as "1:05". */
export function clock(seconds) {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return whole < 3600 ? `${minutes}:${rest}` : `${Math.floor(whole / 3600)}:${String(minutes).padStart(2, "0")}:${rest}`;
}

const JUMP = 2; // seconds: a larger step between two readings was a jump, and was not heard

/** Adds up what was really heard, whichever way somebody jumps about. */
export class Heard {
  seconds = 0;
  place = 0;

  /** The player is at this place now. */
  reach(place) {
    const step = place - this.place;
    if (step > 0 && step < JUMP) this.seconds += step;
    this.place = place;
  }
}
