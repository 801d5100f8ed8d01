"""What `cadenza bench loader` measures, by Pillow: read, decode, random crop, flip; prints microseconds per image."""
import math
import random
import sys
import time
from multiprocessing import Pool

from PIL import Image


def random_resized_crop(im, size):
    w, h = im.size
    for _ in range(10):
        area = w * h * random.uniform(0.08, 1)
        ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        cw, ch = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if cw <= w and ch <= h:
            break
    else:
        cw = ch = min(w, h)
    x, y = random.randint(0, w - cw), random.randint(0, h - ch)
    return im.resize((size, size), Image.BILINEAR, box=(x, y, x + cw, y + ch))


def load(job):
    file, size, crops = job
    im = Image.open(file)
    if crops:
        im.draft("RGB", (2 * size, 2 * size))
    im = im.convert("RGB")
    im = random_resized_crop(im, size) if crops else im
    return len((im.transpose(Image.FLIP_LEFT_RIGHT) if random.random() < 0.5 else im).tobytes())


def main():
    files, size, how, processes = open(sys.argv[1]).read().split("\n"), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    jobs = [(file, size, how == "crop") for file in files if file]
    random.seed(1)
    if processes == 1:
        begun = time.time()
        for job in jobs:
            load(job)
    else:
        with Pool(processes) as pool:
            pool.map(load, jobs[: 2 * processes])  # starts the processes
            begun = time.time()
            pool.map(load, jobs, 64)
    print((time.time() - begun) / len(jobs) * 1e6)


main()
