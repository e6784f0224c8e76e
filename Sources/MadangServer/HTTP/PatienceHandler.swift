import NIOCore
import NIOHTTPTypes

/// Watches one connection with ``Patience``, and closes it.
final class PatienceHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private var patience: Patience
  /// When it fires, whatever became of the deadline meanwhile: most requests need none.
  private var timer: (at: Int64, task: Scheduled<Void>)?

  init(_ limits: HTTPLimits) { patience = Patience(limits) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: patience.head()
    case .body(let buffer):
      patience.body(buffer.readableBytes)
      if patience.isDeaf { return }
    case .end: patience.end()
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    patience.pause(at: PatienceHandler.now)
    watch(context)
    context.fireChannelReadComplete()
  }

  /// All reading passes here, what the channel does by itself too.
  func read(context: ChannelHandlerContext) {
    if !patience.isDeaf { context.read() }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      patience.answered(at: PatienceHandler.now)
      watch(context)
    }
    context.write(data, promise: promise)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    patience.waits(!context.channel.isWritable, at: PatienceHandler.now)
    watch(context)
    context.fireChannelWritabilityChanged()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = nil
  }

  // MARK: -

  private func watch(_ context: ChannelHandlerContext) {
    guard let deadline = patience.deadline, deadline < timer?.at ?? .max else { return }
    timer?.task.cancel()
    let loop = context.eventLoop.assumeIsolated()
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    timer = (
      deadline,
      loop.scheduleTask(in: .milliseconds(max(0, deadline - PatienceHandler.now))) {
        self.ring(bound.value)
      }
    )
  }

  private func ring(_ context: ChannelHandlerContext) {
    timer = nil
    if let deadline = patience.deadline, deadline <= PatienceHandler.now {
      context.close(promise: nil)
    } else {
      watch(context)
    }
  }

  private static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }
}

@available(*, unavailable)
extension PatienceHandler: Sendable {}
