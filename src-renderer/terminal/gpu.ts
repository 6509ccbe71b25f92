/** Whether WebGL runs on a real graphics card. In software it is slower than drawing with the page's own elements. */
export function hasRealGpu(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) return false;
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const renderer = info ? String(context.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return renderer !== "" && !/swiftshader|llvmpipe|software|basic render/i.test(renderer);
}
