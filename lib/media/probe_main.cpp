// motionspool-probe [FILE]: looks at the media file on standard input (or FILE) and prints one line of facts (facts_line.hpp).
// motionspool-probe --self-test: says whether it can lock itself in; exit code 1 if not.
// A process of its own because libav parses hostile bytes, and because linking it costs a program 36 ms and 28 MB at start.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include "media/confine.hpp"
#include "media/facts_line.hpp"
#include "media/sniff.hpp"
extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/mem.h>
}

namespace {
using namespace motionspool;
using domain::Format;

constexpr int exit_unreadable = 66, exit_io = 74;  // EX_NOINPUT, EX_IOERR of sysexits.h

/// Tries, locked in, what a file that has taken libav over would try. @return false if any of it works
bool locked_in() {
    const bool filtered = media::confine();
    const bool opens = ::open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0;
    const bool connects = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
    const bool forks = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr) >= 0;
    const bool kills = ::kill(::getppid(), 0) == 0;
    char* const none[] = {nullptr};
    ::execve("/proc/self/exe", none, none);  // comes back, or starts a helper that finds no file
    return filtered && !opens && !connects && !forks && !kills;
}

int say(std::string_view line) { return ::write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size()) ? 0 : exit_io; }

/// The file as libav reads it: by position only.
struct Source {
    int fd = -1;
    std::int64_t at = 0, size = 0;
};

int read_packet(void* opaque, std::uint8_t* into, int wanted) {
    auto& source = *static_cast<Source*>(opaque);
    const auto got = ::pread(source.fd, into, static_cast<std::size_t>(wanted), source.at);
    if (got <= 0) return AVERROR_EOF;
    source.at += got;
    return static_cast<int>(got);
}

std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
    auto& source = *static_cast<Source*>(opaque);
    if (whence == AVSEEK_SIZE) return source.size;
    const auto base = whence == SEEK_CUR ? source.at : whence == SEEK_END ? source.size : 0;
    if (offset < -base || offset > source.size - base) return AVERROR(EINVAL);
    return source.at = base + offset;
}

struct CloseIo {
    void operator()(AVIOContext* io) const {
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
};
struct CloseFormat {
    void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};

/// The one demuxer that may see the file; nothing for what is not looked at further.
const char* demuxer_of(Format format) {
    switch (format) {
        case Format::jpeg: return "jpeg_pipe";
        case Format::png: return "png_pipe";
        case Format::mp4:
        case Format::quicktime: return "mov";
        case Format::matroska:
        case Format::webm: return "matroska";
        case Format::other: return nullptr;
    }
    return nullptr;
}

/// Width and height change places where the container turns the picture by 90 or 270 degrees.
bool turned(const AVStream& stream) {
    const auto* const matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
    if (matrix == nullptr) return false;
    const double angle = std::fabs(av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix)));
    return angle > 45 && angle < 135;
}

/// How many streams of a kind there are, cover pictures aside.
int streams_of(const AVFormatContext& format, AVMediaType kind) {
    int count = 0;
    for (unsigned i = 0; i < format.nb_streams; ++i) {
        const AVStream& stream = *format.streams[i];
        if (stream.codecpar->codec_type == kind && (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0) ++count;
    }
    return count;
}

/// Frames in 1000 s, as shown on average; 0 if that cannot be told.
int frame_rate_of(const AVStream& stream) {
    const auto rate = stream.avg_frame_rate;
    if (rate.num <= 0 || rate.den <= 0) return 0;
    return static_cast<int>(std::min<std::int64_t>(1'000'000'000, std::int64_t{rate.num} * 1000 / rate.den));
}

/// Black is nothing but zeros where nothing is compressed.
bool may_be_zeros(AVCodecID codec) { return codec == AV_CODEC_ID_RAWVIDEO || codec == AV_CODEC_ID_R210 || codec == AV_CODEC_ID_R10K; }

/// Was the file written where its index says that a frame lies? A compressed one is never all zeros, and a file that has its full size from the start is zeros
/// where its copy has not come yet. Of the frames 64, evenly spread, are looked at, and the one that lies last.
bool frames_came(int fd, AVStream& stream) {
    constexpr int looked_at = 64;
    const int frames = avformat_index_get_entries_count(&stream);
    if (frames <= 0 || may_be_zeros(stream.codecpar->codec_id)) return true;
    const auto read = media::reader_of(fd);
    const auto came = [&](const AVIndexEntry* frame) {
        if (frame == nullptr || frame->pos < 0 || frame->size <= 0) return true;
        const auto at = static_cast<std::uint64_t>(frame->pos), first = std::uint64_t{std::min(4096U, static_cast<unsigned>(frame->size))};
        return !media::zeros_before(read, at, at + first);
    };
    const AVIndexEntry* last = nullptr;
    for (int i = 0; i < frames; ++i) {
        const auto* const frame = avformat_index_get_entry(&stream, i);
        if (frame != nullptr && (last == nullptr || frame->pos > last->pos)) last = frame;
    }
    for (std::int64_t n = 0; n < looked_at; ++n)
        if (!came(avformat_index_get_entry(&stream, static_cast<int>(n * frames / looked_at)))) return false;
    return came(last);
}

void read_facts(int fd, AVFormatContext& format, domain::MediaFacts& facts) {
    const int best = av_find_best_stream(&format, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (best < 0) return;
    AVStream& stream = *format.streams[best];
    if ((stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) return;
    facts.width = stream.codecpar->width;
    facts.height = stream.codecpar->height;
    if (turned(stream)) std::swap(facts.width, facts.height);
    const bool image = facts.format == Format::jpeg || facts.format == Format::png;
    const bool guessed = format.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
    if (image) return;
    if (!guessed && format.duration > 0) facts.duration = std::chrono::milliseconds{format.duration / 1000 + (format.duration % 1000 >= 500 ? 1 : 0)};
    facts.frame_rate = frame_rate_of(stream);
    facts.pictures = streams_of(format, AVMEDIA_TYPE_VIDEO);
    facts.sounds = streams_of(format, AVMEDIA_TYPE_AUDIO);
    facts.complete = facts.complete && frames_came(fd, stream);
}

/// Fills in what libav finds out; leaves zeros where it cannot open the file.
void ask_libav(int fd, domain::MediaFacts& facts) {
    const char* const demuxer = demuxer_of(facts.format);
    if (demuxer == nullptr || facts.bytes == 0) return;
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(std::size_t{512} << 20);
    Source source{.fd = fd, .size = static_cast<std::int64_t>(facts.bytes)};
    constexpr int buffer_size = 64 * 1024;
    auto* const buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
    if (buffer == nullptr) return;
    const std::unique_ptr<AVIOContext, CloseIo> io{avio_alloc_context(buffer, buffer_size, 0, &source, read_packet, nullptr, seek)};
    auto* opened = avformat_alloc_context();
    if (!io || opened == nullptr) return;
    opened->pb = io.get();
    opened->flags |= AVFMT_FLAG_CUSTOM_IO;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "none", 0);
    const int answer = avformat_open_input(&opened, nullptr, av_find_input_format(demuxer), &options);
    av_dict_free(&options);
    if (answer < 0) return;  // has freed the context
    const std::unique_ptr<AVFormatContext, CloseFormat> format{opened};
    if (avformat_find_stream_info(format.get(), nullptr) >= 0) read_facts(fd, *format, facts);
}

int look_at(int fd) {
    struct stat file {};
    if (fd < 0 || ::fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) return exit_unreadable;
    media::confine();
    domain::MediaFacts facts;
    facts.bytes = static_cast<std::uint64_t>(file.st_size);
    const auto sniffed = media::sniff(media::reader_of(fd), facts.bytes);
    facts.format = sniffed.format;
    facts.complete = sniffed.complete;
    ask_libav(fd, facts);
    if (sniffed.sideways) std::swap(facts.width, facts.height);
    return say(media::to_line(facts));
}

int run(int argc, char** argv) {
    if (argc <= 1) return look_at(STDIN_FILENO);
    const std::string_view argument{argv[1]};
    if (argument != "--self-test") return look_at(::open(argv[1], O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    const bool good = locked_in();
    const int said = say(good ? "locked in\n" : "not locked in: files, sockets or processes are within reach\n");
    return good ? said : 1;
}

}  // namespace

/// Ends without exit handlers: the leak checker's would start a process, which is not allowed any more.
int main(int argc, char** argv) { std::_Exit(run(argc, argv)); }
