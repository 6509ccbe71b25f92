/** A program that drives the agent ended without being asked to. What was journalled stands; asking again may help. */
export class DriverStopped extends Error {
  override readonly name = "DriverStopped";
}
