"""Cells that must go on working in a sandbox, by what they use: what notebooks do every day."""

CELLS = {
    "threads of a linear algebra library": """
        import os, subprocess, sys
        code = f"import sys; sys.path[:] = {sys.path}; import numpy as np; a = np.ones((500, 500))"
        many = os.environ | {"OPENBLAS_NUM_THREADS": "4", "OMP_NUM_THREADS": "4"}
        command = [sys.executable, "-c", f"{code}; print((a @ a).sum())"]
        done = subprocess.run(command, env=many, capture_output=True, text=True)
        assert done.stdout == "125000000.0\\n", done
    """,
    "figures": """
        import matplotlib.pyplot as plt
        plt.plot([1, 2], label="$x^2$")
        plt.legend()
        plt.savefig("figure.png")
        plt.savefig("figure.pdf")
        plt.close()
        assert plt.imread("figure.png").shape[2] == 4
    """,
    "tables": """
        import importlib.util
        if importlib.util.find_spec("pandas"):
            import pandas as pd
            pd.DataFrame({"x": [1, 2]}).to_csv("table.csv")
            assert pd.read_csv("table.csv").x.sum() == 3
    """,
    "a database": """
        import sqlite3
        for mode in ("delete", "wal"):
            with sqlite3.connect(f"{mode}.db") as book:
                book.execute(f"pragma journal_mode = {mode}")
                book.execute("create table t (x)")
                book.executemany("insert into t values (?)", [(n,) for n in range(100)])
            assert book.execute("select sum(x) from t").fetchone() == (4950,)
            book.execute("vacuum")
            book.close()
    """,
    "programs": """
        import os, subprocess
        open("listed", "w").close()
        assert b"listed" in subprocess.run(["ls", "-la"], capture_output=True, check=True).stdout
        assert subprocess.check_output("seq 9 | sort -r | head -1", shell=True) == b"9\\n"
        script = '''
            cp -p listed copied; cat copied; mkdir -p d/e; mv copied d/e; cp -r d f; rm -r d f
            touch -d 2001-01-01 listed; chmod a+x listed; ln -s listed linked; sleep 0
            timeout 60 nice echo done
        '''
        done = subprocess.run(script, shell=True, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("done\\n", ""), done
        assert subprocess.run(["true"], start_new_session=True, umask=0).returncode == 0
        child = os.posix_spawn("/bin/true", ["true"], {})
        assert os.waitpid(child, 0)[1] == 0
        assert os.popen("echo popen").read() == "popen\\n"
    """,
    "threads": """
        import queue, threading
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(abs, range(-3, 0))) == [3, 2, 1]
        event, results = threading.Event(), queue.Queue()
        threading.Thread(target=lambda: (event.wait(60), results.put(1))).start()
        event.set()
        assert results.get(timeout=60) == 1
        assert threading.get_native_id() > 0
    """,
    "processes that are forked": """
        import multiprocessing
        from multiprocessing.shared_memory import SharedMemory
        with multiprocessing.get_context("fork").Pool(2) as pool:
            assert pool.map(abs, [-1, -2]) == [1, 2]
        with multiprocessing.Lock():
            multiprocessing.Value("i", 0).value += 1
        memory = SharedMemory(create=True, size=1000)
        memory.buf[0] = 1
        memory.close()
        memory.unlink()
        with multiprocessing.Manager() as manager:
            assert len(manager.list([1, 2])) == 2
    """,
    "processes that are spawned": """
        import math, multiprocessing
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            assert pool.map(math.sqrt, [4, 9]) == [2, 3]
        from concurrent.futures import ProcessPoolExecutor
        with ProcessPoolExecutor(2, multiprocessing.get_context("forkserver")) as pool:
            assert list(pool.map(math.sqrt, [4, 9])) == [2, 3]
    """,
    "asyncio": """
        import asyncio

        async def echo(reader, writer):
            writer.write(await reader.readline())
            writer.close()

        async def main():
            server = await asyncio.start_server(echo, "127.0.0.1", 0)
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"echo\\n")
            assert await reader.readline() == b"echo\\n"
            program = await asyncio.create_subprocess_exec("echo", "x", stdout=-1)
            assert (await program.communicate())[0] == b"x\\n"
            await asyncio.sleep(0.01)
            assert await asyncio.to_thread(abs, -1) == 1
            server.close()

        asyncio.run(main())
    """,
    "sockets": """
        import select, selectors, socket
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.create_server((host, 0), family=family) as server:
                client = socket.create_connection(server.getsockname()[:2], 60)
                peer, _ = server.accept()
                peer.sendall(b"tcp")
                assert client.recv(10) == b"tcp"
                client.close()
                peer.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("127.0.0.1", 0))
            udp.sendto(b"udp", udp.getsockname())
            assert udp.recvfrom(10)[0] == b"udp"
        one, other = socket.socketpair()
        with one, other, selectors.DefaultSelector() as selector:
            socket.send_fds(one, [b"x"], [0])
            selector.register(other, selectors.EVENT_READ)
            assert selector.select(60) and select.select([other], [], [], 60)[0]
            assert other.recv(1) == b"x"
    """,
    "names of hosts": """
        import socket
        assert socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
        assert [name for _, name in socket.if_nameindex()] == ["lo"]
        assert socket.gethostname() == "sandbox"
        try:
            socket.getaddrinfo("host.invalid", 80)
        except socket.gaierror:
            pass
    """,
    "a server of files": """
        import threading
        from http.server import HTTPServer, SimpleHTTPRequestHandler
        from urllib.request import urlopen
        SimpleHTTPRequestHandler.log_message = lambda *_: None
        with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
            thread = threading.Thread(target=server.handle_request)
            thread.start()
            assert urlopen(f"http://127.0.0.1:{server.server_port}/", timeout=60).status == 200
            thread.join()
    """,
    "files": """
        import fcntl, mmap, os
        with open("numbers", "w+b") as file:
            file.write(b"0123456789")
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.lockf(file, fcntl.LOCK_EX)
            os.fsync(file)
            os.posix_fallocate(file.fileno(), 0, 100)
            file.truncate(50)
            with mmap.mmap(file.fileno(), 0) as mapped:
                mapped[0] = ord("x")
                mapped.flush()
            assert os.pread(file.fileno(), 2, 0) == b"x1"
            with open("copy", "wb") as copy:
                assert os.sendfile(copy.fileno(), file.fileno(), 0, 50) == 50
                assert os.copy_file_range(file.fileno(), copy.fileno(), 50, 0) == 50
        os.link("numbers", "second")
        os.symlink("numbers", "link")
        os.mkfifo("fifo")
        os.chmod("numbers", 0o600)
        os.chown("numbers", -1, -1)
        os.utime("numbers", (1, 2))
        os.rename("second", "third")
        os.replace("third", "second")
        assert os.stat("link").st_mtime == 2
        assert os.statvfs(".").f_bsize and os.access("fifo", os.R_OK)
    """,
    "folders": """
        import os, shutil, tempfile
        from pathlib import Path
        with tempfile.TemporaryDirectory() as name, tempfile.TemporaryFile() as nameless:
            nameless.write(b"x")
            folder = Path(name)
            (folder / "text").write_text("text")
            for copy in (shutil.copy, shutil.copy2, shutil.copyfile):
                target = copy(folder / "text", folder / copy.__name__)
                assert Path(target).read_text() == "text"
            shutil.copytree(folder, folder / "below" / "all")
            assert sum(entry.is_file() for entry in os.scandir(folder)) == 4
            assert len(list(folder.rglob("*"))) == 10
            shutil.make_archive("archive", "gztar", folder)
            shutil.unpack_archive("archive.tar.gz", "unpacked")
            assert shutil.disk_usage(folder).total
    """,
    "time": """
        import resource, time
        begin = time.monotonic()
        time.sleep(0.01)
        assert time.monotonic() > begin + 0.009
        assert time.localtime() and time.process_time() and time.thread_time()
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    """,
    "signals": """
        import os, signal, threading
        seen = []
        numbers = (signal.SIGALRM, signal.SIGUSR1)
        before = [signal.signal(number, lambda got, _: seen.append(got)) for number in numbers]
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.5)  # again, since the first may come too early
        signal.pause()
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.kill(os.getpid(), signal.SIGUSR1)
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
        assert signal.sigtimedwait([signal.SIGUSR2], 0.001) is None
        rung = seen.count(signal.SIGALRM)
        assert rung and seen[rung:] == [signal.SIGUSR1, signal.SIGUSR1], seen
        me = os.pidfd_open(os.getpid())
        signal.pidfd_send_signal(me, 0)
        os.close(me)
        for number, handler in zip(numbers, before):
            signal.signal(number, handler)
    """,
    "the machine": """
        import os, platform, pty, secrets, uuid
        import psutil
        assert len(os.urandom(3)) == 3 and os.getrandom(3) and secrets.token_hex(2) and uuid.uuid4()
        assert os.cpu_count() and platform.platform() and os.sysconf("SC_PHYS_PAGES") > 0
        os.sched_setaffinity(0, os.sched_getaffinity(0))
        os.nice(0)
        assert os.getuid() == os.geteuid() == 1000 and os.times()
        assert psutil.Process().memory_info().rss and psutil.virtual_memory().total
        child, terminal = pty.fork()
        if child == 0:
            os.write(1, b"on a terminal")
            os._exit(os.isatty(0))
        assert os.read(terminal, 99) == b"on a terminal"
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
        os.close(terminal)
    """,
}
