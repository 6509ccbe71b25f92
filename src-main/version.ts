import content from "../package.json" with { type: "json" };

export const version: string = content.version;
