// The beginning of an AppImage that is made without a download: it mounts the file system behind itself and starts what lies in it.
//
// The runtime of the AppImage project does more (it unpacks, verifies signatures, keeps a home beside the file); this one is for
// systems that cannot fetch it. It is linked against the static libraries of Debian's libsquashfuse-dev and libfuse3-dev, so that
// the system it runs on needs no library of FUSE, only the kernel's part and fusermount3.
//
// build-appimage-runtime.ts compiles it and writes the AppImage mark (A I 2 at byte 8). One argument is its own:
// --appimage-offset prints where the file system begins, in bytes: unsquashfs -offset takes that number.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <squashfuse/ll.h>

/** Programs that are started at once, as electron-builder.yml and stage-runtime.ts name them. */
static const char *const first_programs[] = { "dediffusion-studio", "resources/studio/bin/node" };

/** Unpacked blocks that are kept, of 128 KiB each as mksquashfs makes them. */
static const size_t kept_blocks = 64;

/** Bytes of the program itself: its section headers are the last thing in it. 0 where that cannot be read. */
static size_t own_size(const char *path) {
	Elf64_Ehdr header;
	FILE *file = fopen(path, "rb");
	if (file == NULL) return 0;
	size_t read = fread(&header, sizeof header, 1, file);
	fclose(file);
	return read == 1 ? header.e_shoff + (size_t)header.e_shentsize * header.e_shnum : 0;
}

/**
 * Takes the folder that is the same at every start: compiled code is kept by the path of what it was compiled from, and under another
 * path all of it would be compiled again. Returns 0 where another start has it, something is mounted on it, or it is somebody else's.
 */
static int take_folder(const char *folder, const char *parent) {
	struct stat held, named, around;
	mkdir(folder, 0700);
	// Stays open, and so locked, as long as the process that serves the files.
	int handle = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (handle < 0) return 0;
	int taken = flock(handle, LOCK_EX | LOCK_NB) == 0 && fstat(handle, &held) == 0 && lstat(folder, &named) == 0 &&
		stat(parent, &around) == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino && held.st_dev == around.st_dev &&
		held.st_uid == getuid() && (held.st_mode & 0777) == 0700;
	if (!taken) close(handle);
	return taken;
}

/** Ends the process when every program that was started from the mount is gone: they hold the other end of the pipe. */
static void *end_with_last_program(void *pipe_end) {
	char nothing;
	while (read(*(int *)pipe_end, &nothing, 1) != 0 && (errno == EINTR || errno == EAGAIN)) continue;
	kill(getpid(), SIGTERM);
	return NULL;
}

/** Serves the files until nobody is left. Writes one byte to `ready` once they can be read. Returns an exit status. */
static int serve_files(const char *path, size_t offset, const char *folder, int alive, int ready) {
	struct fuse_lowlevel_ops operations = {
		.getattr = sqfs_ll_op_getattr, .opendir = sqfs_ll_op_opendir, .releasedir = sqfs_ll_op_releasedir,
		.readdir = sqfs_ll_op_readdir, .lookup = sqfs_ll_op_lookup, .open = sqfs_ll_op_open,
		.create = sqfs_ll_op_create, .release = sqfs_ll_op_release, .read = sqfs_ll_op_read,
		.readlink = sqfs_ll_op_readlink, .listxattr = sqfs_ll_op_listxattr, .getxattr = sqfs_ll_op_getxattr,
		.forget = sqfs_ll_op_forget, .statfs = stfs_ll_op_statfs,
	};
	char *words[] = { "appimage", "-o", "ro,nodev,nosuid,subtype=squashfuse" };
	struct fuse_args arguments = FUSE_ARGS_INIT(3, words);
	sqfs_ll *files = sqfs_ll_open(path, offset);
	if (files == NULL) return 1;
	// The library keeps one unpacked block. The kernel asks for pages around the one that is missing, which lie in two, and every block
	// would be unpacked again for the next.
	sqfs_cache_destroy(&files->fs.data_cache);
	if (sqfs_block_cache_init(&files->fs.data_cache, kept_blocks) != SQFS_OK) return 1;
	sqfs_ll_chan channel;
	if (sqfs_ll_mount(&channel, folder, &arguments, &operations, sizeof operations, files) != SQFS_OK) return 1;
	int failed = fuse_set_signal_handlers(channel.session) == -1;
	pthread_t watcher;
	if (!failed) failed = pthread_create(&watcher, NULL, end_with_last_program, &alive) != 0;
	if (!failed) failed = write(ready, "1", 1) != 1;
	// A Ctrl+C in the terminal is for the program: it ends, and then so does this.
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (!failed) fuse_session_loop(channel.session);
	fuse_remove_signal_handlers(channel.session);
	sqfs_ll_unmount(&channel, folder);
	sqfs_ll_destroy(files);
	rmdir(folder);
	return failed;
}

/**
 * Reads the first programs once, in a process of its own: nearly all of each is needed, and the kernel keeps what was read. A program
 * that is not read ahead waits for thousands of answers, one after the other.
 */
static void read_ahead(const char *folder, const int *alive) {
	static char bytes[1 << 17];
	char path[PATH_MAX + 64];
	// A child of a child: the program that is started next has never heard of it, and would leave it unburied.
	pid_t between = fork();
	if (between > 0) waitpid(between, NULL, 0);
	if (between != 0) return;
	if (fork() != 0) _exit(0);
	// Whoever holds this end keeps the files served.
	close(alive[1]);
	for (size_t index = 0; index < sizeof first_programs / sizeof *first_programs; index++) {
		snprintf(path, sizeof path, "%s/%s", folder, first_programs[index]);
		int file = open(path, O_RDONLY);
		while (file >= 0 && read(file, bytes, sizeof bytes) > 0) continue;
		if (file >= 0) close(file);
	}
	_exit(0);
}

int main(int count, char **words) {
	char path[PATH_MAX] = { 0 };
	if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) {
		fprintf(stderr, "This AppImage cannot find itself: /proc is not there.\n");
		return 1;
	}
	size_t offset = own_size(path);
	if (count == 2 && strcmp(words[1], "--appimage-offset") == 0) {
		printf("%zu\n", offset);
		return 0;
	}

	const char *temporary = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
	char folder[PATH_MAX];
	char entry[PATH_MAX + 8];
	int length = snprintf(folder, sizeof folder, "%s/.mount_studio-%u", temporary, (unsigned)getuid());
	int taken = length < (int)sizeof folder && take_folder(folder, temporary);
	if (!taken) length = snprintf(folder, sizeof folder, "%s/.mount_studioXXXXXX", temporary);
	int alive[2];
	int ready[2];
	if (length >= (int)sizeof folder || (!taken && mkdtemp(folder) == NULL) || pipe(alive) != 0 || pipe(ready) != 0) {
		fprintf(stderr, "This AppImage could make no folder in %s: %s.\n", temporary, strerror(errno));
		return 1;
	}
	pid_t server = fork();
	if (server == 0) {
		close(alive[1]);
		close(ready[0]);
		setsid();
		_exit(serve_files(path, offset, folder, alive[0], ready[1]));
	}
	close(alive[0]);
	close(ready[1]);
	char byte;
	if (server < 0 || read(ready[0], &byte, 1) != 1) {
		waitpid(server, NULL, 0);
		rmdir(folder);
		fprintf(stderr, "This AppImage could not be mounted: install the package fuse3, or unpack it with\n"
		                "  unsquashfs -offset %zu -dest studio '%s' && studio/AppRun\n", offset, path);
		return 1;
	}
	close(ready[0]);
	read_ahead(folder, alive);

	setenv("APPIMAGE", path, 1);
	setenv("ARGV0", words[0], 1);
	setenv("APPDIR", folder, 1);
	snprintf(entry, sizeof entry, "%s/AppRun", folder);
	words[0] = entry;
	execv(entry, words);
	fprintf(stderr, "What lies in this AppImage could not be started: %s.\n", strerror(errno));
	return 1;
}
