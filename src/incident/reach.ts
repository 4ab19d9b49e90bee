/** A service around an incident, as it is now. */
export interface Reached {
  name: string;
  fires: boolean;
  /** Steps from the service the incident is about: below 0 what depends on it, above 0 what it depends on. */
  level: number;
}

/** How far a failure reaches along what depends on what. */
export interface Reach {
  /** The service it is about. */
  about: Reached;
  /** All that depends on it and that it depends on; the nearest first, of one level by name. */
  around: Reached[];
  /** From the service that depends to the one it depends on. */
  edges: { from: string; to: string }[];
}
