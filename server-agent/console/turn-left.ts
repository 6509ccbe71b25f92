/** The turn stops here without an end of its own: it goes on later, or another agent has the task. */
export class TurnLeft extends Error {
  override readonly name = "TurnLeft";
}
