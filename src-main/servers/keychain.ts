/** Secrets kept by the operating system. Given by shells that can reach one. */
export interface Keychain {
  available(): boolean;
  get(name: string): Promise<string | null>;
  set(name: string, secret: string): Promise<void>;
  delete(name: string): Promise<void>;
}
