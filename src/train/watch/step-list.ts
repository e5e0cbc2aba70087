/** Collects the figures of single steps until they are reported. */

import type { StepFigures } from '../events.ts';

export class StepList {
  #first: number;
  #losses: number[] = [];
  #accuracies: number[] = [];
  #learningRates: number[] = [];

  /** @param done steps taken before */
  constructor(done: number) {
    this.#first = done + 1;
  }

  /** How many steps are waiting. */
  get length(): number {
    return this.#losses.length;
  }

  add(loss: number, accuracy: number, learningRate: number): void {
    this.#losses.push(loss);
    this.#accuracies.push(accuracy);
    this.#learningRates.push(learningRate);
  }

  /** All steps added since the last call. */
  take(): StepFigures {
    const figures: StepFigures = {
      firstStep: this.#first,
      losses: this.#losses,
      accuracies: this.#accuracies,
      learningRates: this.#learningRates,
    };
    this.#first += this.#losses.length;
    this.#losses = [];
    this.#accuracies = [];
    this.#learningRates = [];
    return figures;
  }
}
