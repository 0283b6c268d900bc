/** The least that a Worker can do: read the body and answer. */
export default {
  async fetch(request) {
    await request.arrayBuffer();
    return new Response('{"status":"ok"}', { headers: { "Content-Type": "application/json" } });
  },
};
