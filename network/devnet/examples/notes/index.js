const { Contract } = require('fabric-contract-api');

/** Keeps notes, public ones and private ones. */
class Notes extends Contract {
  constructor() {
    super('notes');
  }

  async write(ctx, id, text) {
    await ctx.stub.putState(id, Buffer.from(text));
    ctx.stub.setEvent('Written', Buffer.from(id));
  }

  async read(ctx, id) {
    const text = await ctx.stub.getState(id);
    if (text.length === 0) throw new Error(`there is no note ${id}`);
    return Buffer.from(text).toString();
  }

  /** Takes the text from the transient data, so that it stands in no block. */
  async writePrivately(ctx, collection, id) {
    const text = ctx.stub.getTransient().get('text');
    if (!text) throw new Error('the transient data has no text');
    await ctx.stub.putPrivateData(collection, id, text);
  }
}

exports.contracts = [Notes];
